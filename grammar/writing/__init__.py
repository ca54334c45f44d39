"""From syntax trees to text: the one form in which every statement is written, in Chinese and in English."""
