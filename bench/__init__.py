"""Measurements, never tests: counts are exact, times are ratios within one run of one machine."""
