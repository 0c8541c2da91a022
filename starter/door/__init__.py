"""The core every door shares: requests, opening, lookup, reading, permission.

It knows no terminal and no web, reads no environment, and is told who speaks with each call.
"""
