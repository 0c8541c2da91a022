"""The door for the desk: pages of a browser, over the core alone; each works without a script."""
