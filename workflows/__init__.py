"""The durable story of a case: waiting, and carrying out what the domain decided. No rule, no I/O."""
