"""Centres and their people: shifts, rota, rotation, coverage, and the way from one to the next."""
