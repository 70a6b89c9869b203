"""The living district: a small synthetic town, its messages and its days, made through the doors of `siqian`."""
