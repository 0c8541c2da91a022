"""Tests of the support guides as data: what is refused, what is shipped, what the holidays are."""
