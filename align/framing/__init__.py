"""How outlets frame what they tell: the names they choose for the actors and acts of a story."""
