"""The look of every page: base pages, signs, words for times. Knows nothing of the town."""
