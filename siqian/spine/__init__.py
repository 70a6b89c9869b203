"""The spine: a demand's life, the understanding of what was said, and who is responsible for what.

`matters > learn > remit`: each may call to its right, never to its left.
"""
