"""Whole lives of matters by chance, from a seed: what must hold holds after every act, and clocks agree with whoever counts minutes."""
