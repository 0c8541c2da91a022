"""What comes in as files: tenants and engineers, read whole and checked whole."""
