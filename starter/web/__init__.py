"""What is served over HTTP: the vendor's webhook, the survey page, the door before Temporal's UI."""
