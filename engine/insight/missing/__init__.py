"""What is missing to make a false condition true: the least that would have to happen, and until when."""
