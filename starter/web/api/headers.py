"""Headers of the API's own answers."""

SOURCE = "Sunrelay-Source"
"""Where a case was read: in its workflow, or in our store."""

NUMBER = "Sunrelay-Case"
"""The number of the case an answer is about, where the answer itself does not say it."""

REPLAYED = "Idempotent-Replayed"
"""`true` where a request is answered as it was before, and nothing was done again."""
