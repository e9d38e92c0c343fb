"""What a user edits: outlets, lexicons, example runs, and the sample corpus."""
