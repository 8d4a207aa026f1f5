FUNCTION(range)
FUNCTION(dict)
FUNCTION(namespace)
