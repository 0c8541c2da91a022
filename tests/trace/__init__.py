"""Which requirements the tests cover: the catalogue's ids against `@pytest.mark.covers` and the scenarios.

Nothing is run: marks are read from the source of the tests. `ids.toml` holds every id with the codes its row
names.
"""
