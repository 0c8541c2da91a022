"""Tests of the pure domain: no server, no clock, no socket; milliseconds each."""

import zoneinfo

from hypothesis import settings

# The oracles read the pinned zone database, as the product does, and not this machine's.
zoneinfo.reset_tzpath(to=())

# A busy machine is no broken promise: no example is failed for the time it took.
settings.register_profile("untimed", deadline=None)
settings.load_profile("untimed")
