"""Rehearsals: what a log's rows stand for, what is done with dirt, and figures that others can recompute."""
