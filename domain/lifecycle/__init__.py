"""The rules, a file a chapter of the guides; the rows of `domain.verbs` say what calls them."""
