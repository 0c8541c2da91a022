"""The API for programs: the core's verbs and views under `/v1`. No rule lives here."""
