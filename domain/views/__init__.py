"""What may be read: by staff, by the customer, and why a clock is due."""
