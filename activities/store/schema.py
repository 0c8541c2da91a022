"""All tables of the case store: what its migrations lead to."""

from activities.store import content_tables, credential_tables, delivery_tables, own_tables, tables

ROOMS = (tables, delivery_tables, credential_tables, own_tables, content_tables)
"""Loaded together, so that `metadata` knows the tables of each."""

metadata = tables.metadata
