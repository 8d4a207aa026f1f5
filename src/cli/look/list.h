FORM(text)
