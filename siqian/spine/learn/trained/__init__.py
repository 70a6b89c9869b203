"""Understanding that is learned from a deployment's own rulings: NumPy alone, to train as well as to answer.

grams > linear > calibration > classifier: texts to counted n-grams, n-grams to a margin for each class, margins to honest
probabilities, and the whole as one file of weights. twins: near-duplicates, so that no message is tested on its own copy.
"""
