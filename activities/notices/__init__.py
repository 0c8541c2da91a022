"""Telling people and programs: the activities of the lanes, and how one effect reaches one recipient."""
