"""The vendor's desk: opening a ticket there, adding to it, and reading its answers."""
