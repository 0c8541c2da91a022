"""Runs the migrations on the connection that `activities.store.database` hands over.

Alembic executes this file; nothing imports it.
"""

from alembic import context

from activities.store.schema import metadata

context.configure(
    connection=context.config.attributes["connection"],
    target_metadata=metadata,
    render_as_batch=True,  # SQLite cannot alter a table in place
)
with context.begin_transaction():
    context.run_migrations()
