"""Firefox Translations: small models for the processor, run with fxtranslate in processes of their own."""
