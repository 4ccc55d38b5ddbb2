"""The tree of znodes, as transactions change it (Hunt, Konar, Junqueira, Reed 2010)."""
