"""The ways out of the house: mail, webhooks, HTTP, and which addresses may be reached."""
