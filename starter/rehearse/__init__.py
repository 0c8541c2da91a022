"""Rehearsals: an exported ticket log through the real case workflow, on a server that skips time.

It reads a log and a mapping, says to each case what its rows stand for, and counts what
would have been kept and missed. No rule of support lives here: the cases decide, this room only listens.
"""
