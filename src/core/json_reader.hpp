// Private to core's JSON reading: what a reader keeps between texts.
#ifndef LMEVAL_CORE_JSON_READER_HPP
#define LMEVAL_CORE_JSON_READER_HPP

#include <simdjson.h>
#include <vector>

struct lme_json_reader {
    simdjson::dom::parser parser;
    std::vector<char> padded;
    simdjson::ondemand::parser skimmer;
};

#endif
