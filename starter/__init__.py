"""Doors: how people and programs reach cases. A door says who speaks and when it was received.

No rule lives here, and nothing but a door's own settings decides who the speaker is. Temporal and the
database are imported inside commands only, so that help and completion stay fast.
"""
