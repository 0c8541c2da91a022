"""The rules of support cases, as pure functions and frozen records.

Nothing here reads a clock, a file, a zone database or a random number, and nothing knows Temporal.
Time comes in as `at`, an aware UTC datetime; decisions go out as values.
"""
