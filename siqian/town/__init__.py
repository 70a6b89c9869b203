"""The town itself: its places and its people. Below it only the kernel."""
