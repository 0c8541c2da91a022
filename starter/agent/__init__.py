"""Our verbs and views as tools for software agents. No rule lives here."""
