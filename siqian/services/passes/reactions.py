"""What passes do when others speak: nothing yet."""
