"""Mine 我的资料: all that is kept of oneself on one page, who looked at it and why; to put right, take back, carry away, have destroyed.

Pillar 心系千家万户. Read across, as nobody below knows the others. Words: my data 我的资料, take along 带走, erase 删掉.
"""
