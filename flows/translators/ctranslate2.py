"""Models for transformers run on CTranslate2 (Klein et al. 2020), converted once to 8-bit integers."""
