"""Services: siblings that are blind to each other and hear each other's events only."""
