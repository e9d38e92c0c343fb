"""NLLB (NLLB Team 2022): one model of 200 languages, run with transformers, from the hub or from a folder."""
