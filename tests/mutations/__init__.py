"""Ways to break the product, each with the test file that must notice: whether our tests can fail at all."""
