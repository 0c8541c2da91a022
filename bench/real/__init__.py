"""What a case costs on a real server, with the real adapters, beside the bare engine doing the same tasks.

Both have one worker process, the same server and the same caller; they take turns. Only ratios within one run
mean anything. The bare engine plays what the history of a case of ours says: the same activities, local
activities, timers, search attributes and answers, of the same size; its activities do nothing.
"""

from bench.real.measure import real

__all__ = ["real"]
