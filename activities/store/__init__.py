"""Our own database: tables of its own truth, and tables that are projections of cases."""
