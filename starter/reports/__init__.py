"""Reports: one case told whole, as a record and as a page, and the sentences pages share with it."""
