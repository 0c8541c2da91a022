"""Time as data: calendars, local time, pauses, and how long a span may take."""
