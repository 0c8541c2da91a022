"""Adapters: one file for each outside system, idempotent by effect id through a ledger.

This room may do I/O. It knows the domain's records and the policies, and nothing of workflows: the names of
its activities are the contracts in `domain.effects`. No rule of support enters here.
"""
