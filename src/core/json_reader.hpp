// Private to core's JSON reading: what a reader keeps between texts.
#ifndef LMEVAL_CORE_JSON_READER_HPP
#define LMEVAL_CORE_JSON_READER_HPP

#include <simdjson.h>
#include <vector>

struct lme_json_reader {
    simdjson::dom::parser parser;
    std::vector<char> padded;

    // Makes room for a text. simdjson grows its buffers only for longer texts, and its depth bound
    // is set with them.
    void fit(size_t len) noexcept;
};

#endif
