"""The release of the rules a run of a case or an incident is held to.

A change of what a life does has one mark per release, never one per rule. Doors and turn-overs set it in the
run's input; an open case keeps the rules of its run until it turns over, so that its history stays true.
"""

FIRST_RULES = 0
"""What was recorded before there was a mark: releases 0.1 and 0.2."""

RULES_0_3 = 3

RULES_0_4 = 4
"""Clocks that mean what they say: what a word ends, what is recomputed, who is told."""

CURRENT_RULES = RULES_0_4
"""What every new run is held to."""
