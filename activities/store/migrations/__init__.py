"""How the tables came to be what they are, one file a change, carried out by alembic when a store opens."""
