/* A head is some hundred bytes in eight lines, and mostly comes with its whole body in one read:
 * the lines are read in the buffer that the network filled, and a body of known length is not
 * touched at all. The data of chunks is moved together in that buffer.
 */
#include "http_answer.h"

#include <curl/curl.h>
#include <stdio.h>
#include <string.h>
#include <strings.h>

#include <lmeval/limits.h>

static int refuse(lme_http_answer *a, int code, const char *words)
{
    snprintf(a->fault, CURL_ERROR_SIZE, "%s", words);
    return code;
}

static bool is_digit(char c)
{
    return c >= '0' && c <= '9';
}

static bool is_word(lme_str text, const char *word)
{
    return text.len == strlen(word) && strncasecmp(text.ptr, word, text.len) == 0;
}

static lme_str strip(lme_str text)
{
    size_t from = 0, to = text.len;
    while (from < to && (text.ptr[from] == ' ' || text.ptr[from] == '\t'))
        from++;
    while (to > from && (text.ptr[to - 1] == ' ' || text.ptr[to - 1] == '\t'))
        to--;
    return lme_str_slice(text, from, to);
}

/* ---- the head ---- */

/* "HTTP/1.1 200 OK"; the words after the number may be missing. */
static int read_status_line(lme_http_answer *a, lme_str line)
{
    if (line.len < 12 || memcmp(line.ptr, "HTTP/", 5) != 0 || !is_digit(line.ptr[5]) ||
        line.ptr[6] != '.' || !is_digit(line.ptr[7]) || line.ptr[8] != ' ' ||
        (line.len > 12 && line.ptr[12] != ' '))
        return refuse(a, CURLE_WEIRD_SERVER_REPLY, "Invalid status line");
    if (line.ptr[5] != '1' || line.ptr[7] > '1')
        return refuse(a, CURLE_UNSUPPORTED_PROTOCOL, "Unsupported HTTP version in response");
    const char *digits = line.ptr + 9;
    if (digits[0] < '1' || digits[0] > '9' || !is_digit(digits[1]) || !is_digit(digits[2]))
        return refuse(a, CURLE_WEIRD_SERVER_REPLY, "Invalid status line");
    a->version = line.ptr[7] == '1' ? 11 : 10;
    a->status = (digits[0] - '0') * 100L + (digits[1] - '0') * 10L + (digits[2] - '0');
    a->stage = LME_HTTP_FIELDS;
    a->length = -1;
    return CURLE_OK;
}

/* The next part of a list with commas, taken off it; false: there is none. */
static bool take_part(lme_str *list, lme_str *part)
{
    if (list->ptr == NULL)
        return false;
    const char *comma = memchr(list->ptr, ',', list->len);
    size_t len = comma != NULL ? (size_t)(comma - list->ptr) : list->len;
    *part = strip(lme_str_slice(*list, 0, len));
    *list = lme_str_slice(*list, len + 1, list->len);
    if (comma == NULL)
        list->ptr = NULL;
    return true;
}

static bool is_number(lme_str text)
{
    size_t n = 0;
    while (n < text.len && is_digit(text.ptr[n]))
        n++;
    return n > 0 && n == text.len;
}

/* Said several times, in several fields or in one that somebody made of them, it must be the same
 * each time (RFC 9110, 8.6). */
static int read_length(lme_http_answer *a, lme_str value)
{
    lme_str part;
    while (take_part(&value, &part)) {
        int64_t length;
        if (!is_number(part) || !lme_str_to_int(part, &length))
            return refuse(a, CURLE_WEIRD_SERVER_REPLY, "Invalid Content-Length: value");
        if (a->length >= 0 && a->length != length)
            return refuse(a, CURLE_WEIRD_SERVER_REPLY, "Two different Content-Length: values");
        a->length = length;
    }
    return CURLE_OK;
}

static int read_transfer_encoding(lme_http_answer *a, lme_str value)
{
    if (is_word(value, "identity") && !a->is_chunked)
        return CURLE_OK;
    if (!is_word(value, "chunked") || a->is_chunked)
        return refuse(a, CURLE_BAD_CONTENT_ENCODING, "Unrecognized transfer encoding");
    a->is_chunked = true;
    return CURLE_OK;
}

static int read_content_encoding(lme_http_answer *a, lme_str value)
{
    if (value.len == 0 || is_word(value, "identity"))
        return CURLE_OK;
    lme_coding coding = is_word(value, "gzip") || is_word(value, "x-gzip") ? LME_CODING_GZIP
                        : is_word(value, "deflate")                        ? LME_CODING_DEFLATE
                                                                           : LME_CODING_NONE;
    if (coding == LME_CODING_NONE || a->coding != LME_CODING_NONE)
        return refuse(a, CURLE_BAD_CONTENT_ENCODING, "Unrecognized content encoding type");
    a->coding = coding;
    return CURLE_OK;
}

static int read_connection(lme_http_answer *a, lme_str value)
{
    lme_str option;
    while (take_part(&value, &option)) {
        a->says_close = a->says_close || is_word(option, "close");
        a->says_keep = a->says_keep || is_word(option, "keep-alive");
    }
    return CURLE_OK;
}

typedef int field_reader(lme_http_answer *a, lme_str value);

/* One that says how the answer is sent; NULL: it does not. */
static field_reader *framing_field(lme_str name)
{
    switch (name.len) {
    case 10:
        return is_word(name, "connection") ? read_connection : NULL;
    case 14:
        return is_word(name, "content-length") ? read_length : NULL;
    case 16:
        return is_word(name, "content-encoding") ? read_content_encoding : NULL;
    case 17:
        return is_word(name, "transfer-encoding") ? read_transfer_encoding : NULL;
    default:
        return NULL;
    }
}

static int read_field(lme_http_answer *a, lme_str line)
{
    /* The line before goes on (RFC 9112, 5.2). */
    if (line.ptr[0] == ' ' || line.ptr[0] == '\t')
        return a->is_framing ? refuse(a, CURLE_WEIRD_SERVER_REPLY, "Folded header") : CURLE_OK;
    const char *colon = memchr(line.ptr, ':', line.len);
    if (colon == NULL || colon == line.ptr)
        return refuse(a, CURLE_WEIRD_SERVER_REPLY, "Header without colon");
    lme_str name = {line.ptr, (size_t)(colon - line.ptr)};
    if (name.ptr[name.len - 1] == ' ' || name.ptr[name.len - 1] == '\t')
        return refuse(a, CURLE_WEIRD_SERVER_REPLY, "Blank before a header's colon");
    lme_str value = strip(lme_str_slice(line, name.len + 1, line.len));
    field_reader *framing = framing_field(name);
    a->is_framing = framing != NULL;
    if (framing != NULL)
        return framing(a, value);
    if (is_word(name, "server"))
        a->server = value;
    else if (is_word(name, "location"))
        a->location = value;
    else if (is_word(name, "retry-after"))
        a->retry_after = value;
    return CURLE_OK;
}

static int end_interim(lme_http_answer *a)
{
    if (a->status == 101)
        return refuse(a, CURLE_WEIRD_SERVER_REPLY, "The server changes the protocol unasked");
    *a = (lme_http_answer){.fault = a->fault, .at = a->at, .scanned = a->scanned};
    return CURLE_OK;
}

static void end_whole(lme_http_answer *a)
{
    a->stage = LME_HTTP_WHOLE;
    a->is_whole = true;
}

/* How the body is sent (RFC 9112, 6.3). */
static int end_head(lme_http_answer *a)
{
    if (a->status < 200)
        return end_interim(a);
    a->keeps = !a->says_close && (a->version == 11 || a->says_keep);
    a->body_from = a->at;
    if (a->status == 204 || a->status == 304) {
        a->length = 0;
        end_whole(a);
    } else if (a->is_chunked) {
        /* A length beside it is somebody's mistake: what follows is not trusted. */
        a->keeps = a->keeps && a->length < 0 && a->version == 11;
        a->length = -1;
        a->stage = LME_HTTP_CHUNK_SIZE;
    } else if (a->length >= 0) {
        a->stage = LME_HTTP_COUNTED;
    } else {
        a->keeps = false;
        a->stage = LME_HTTP_UNTIL_CLOSED;
    }
    return CURLE_OK;
}

/* The next line, without its end; false: it has not come whole. */
static bool take_line(lme_http_answer *a, const lme_builder *in, lme_str *line)
{
    const char *end = memchr(in->ptr + a->scanned, '\n', in->len - a->scanned);
    if (end == NULL) {
        a->scanned = in->len;
        return false;
    }
    size_t to = (size_t)(end - in->ptr);
    *line = (lme_str){in->ptr + a->at, to - a->at};
    if (line->len > 0 && line->ptr[line->len - 1] == '\r')
        line->len--;
    a->at = a->scanned = to + 1;
    return true;
}

/* What is not HTTP need not have lines. */
static bool may_be_http(const lme_http_answer *a, const lme_builder *in)
{
    size_t n = in->len - a->at;
    return memcmp(in->ptr + a->at, "HTTP/", n < 5 ? n : 5) == 0;
}

static int read_head_line(lme_http_answer *a, lme_str line)
{
    if (memchr(line.ptr, '\0', line.len) != NULL)
        return refuse(a, CURLE_WEIRD_SERVER_REPLY, "Nul byte in header");
    if (a->stage == LME_HTTP_STATUS_LINE)
        return read_status_line(a, line);
    return line.len > 0 ? read_field(a, line) : end_head(a);
}

static int read_head(lme_http_answer *a, const lme_builder *in)
{
    int code = CURLE_OK;
    while (code == CURLE_OK && !lme_http_has_head(a)) {
        lme_str line;
        if (a->stage == LME_HTTP_STATUS_LINE && !may_be_http(a, in))
            return refuse(a, CURLE_UNSUPPORTED_PROTOCOL, "Received HTTP/0.9 when not allowed");
        if (!take_line(a, in, &line))
            break;
        code = read_head_line(a, line);
    }
    size_t len = lme_http_has_head(a) ? a->body_from : in->len;
    if (code == CURLE_OK && len > LME_LIMIT_RESPONSE_HEAD)
        return refuse(a, CURLE_RECV_ERROR, "Too large response headers");
    return code;
}

/* ---- chunks ---- */

/* Hexadecimal digits, and perhaps extensions behind a semicolon. */
static int read_chunk_size(lme_http_answer *a, lme_str line)
{
    size_t n = 0;
    uint64_t size = 0;
    for (; n < line.len; n++) {
        char c = line.ptr[n], small = (char)(c | 0x20);
        if (!is_digit(c) && !(small >= 'a' && small <= 'f'))
            break;
        if (n == 15)
            return refuse(a, CURLE_RECV_ERROR, "Too long hexadecimal number in chunked-encoding");
        size = size * 16 + (uint64_t)(is_digit(c) ? c - '0' : small - 'a' + 10);
    }
    lme_str rest = strip(lme_str_slice(line, n, line.len));
    if (n == 0 || (rest.len > 0 && rest.ptr[0] != ';'))
        return refuse(a, CURLE_RECV_ERROR,
                      "Illegal or missing hexadecimal sequence in chunked-encoding");
    a->chunk_left = size;
    a->stage = size > 0 ? LME_HTTP_CHUNK : LME_HTTP_TRAILERS;
    return CURLE_OK;
}

static const char too_long[] = "Too long line in chunked-encoding";

static int read_chunk_line(lme_http_answer *a, lme_str line)
{
    if (line.len > LME_LIMIT_CHUNK_LINE)
        return refuse(a, CURLE_RECV_ERROR, too_long);
    if (a->stage == LME_HTTP_CHUNK_SIZE)
        return read_chunk_size(a, line);
    if (a->stage == LME_HTTP_CHUNK_END && line.len > 0)
        return refuse(a, CURLE_RECV_ERROR, "Malformed encoding found in chunked-encoding");
    if (a->stage == LME_HTTP_CHUNK_END) {
        a->stage = LME_HTTP_CHUNK_SIZE;
        return CURLE_OK;
    }
    a->tail_len += line.len;
    if (a->tail_len > LME_LIMIT_RESPONSE_HEAD)
        return refuse(a, CURLE_RECV_ERROR, "Too large response headers");
    if (line.len == 0)
        end_whole(a);
    return CURLE_OK;
}

/* Puts the data of a chunk, as far as it came, behind that of the chunks before it. */
static void take_chunk(lme_http_answer *a, lme_builder *in)
{
    uint64_t came = in->len - a->at;
    size_t n = (size_t)(came < a->chunk_left ? came : a->chunk_left);
    size_t to = a->body_from + a->body_len;
    if (to != a->at)
        memmove(in->ptr + to, in->ptr + a->at, n);
    a->body_len += n;
    a->chunk_left -= n;
    a->at = a->scanned = a->at + n;
    if (a->chunk_left == 0)
        a->stage = LME_HTTP_CHUNK_END;
}

/* What was not read yet follows the data at once, so that framing takes no memory. */
static void close_gap(lme_http_answer *a, lme_builder *in)
{
    size_t end = a->body_from + a->body_len, gap = a->at - end;
    if (gap == 0)
        return;
    memmove(in->ptr + end, in->ptr + a->at, in->len - a->at);
    in->len -= gap;
    a->at = end;
    a->scanned -= gap;
}

static int read_chunks(lme_http_answer *a, lme_builder *in)
{
    int code = CURLE_OK;
    while (code == CURLE_OK && a->stage < LME_HTTP_WHOLE) {
        lme_str line;
        if (a->stage == LME_HTTP_CHUNK && a->at == in->len)
            break;
        if (a->stage == LME_HTTP_CHUNK)
            take_chunk(a, in);
        else if (take_line(a, in, &line))
            code = read_chunk_line(a, line);
        else
            break;
    }
    close_gap(a, in);
    if (code == CURLE_OK && a->stage != LME_HTTP_WHOLE && in->len - a->at > LME_LIMIT_CHUNK_LINE)
        return refuse(a, CURLE_RECV_ERROR, too_long);
    return code;
}

/* ---- the body ---- */

static void read_counted(lme_http_answer *a, size_t came)
{
    uint64_t length = (uint64_t)a->length;
    a->body_len = came < length ? came : (size_t)length;
    if (a->body_len == length)
        end_whole(a);
}

static int read_body(lme_http_answer *a, lme_builder *in)
{
    size_t came = in->len - a->body_from;
    int code = CURLE_OK;
    if (a->stage == LME_HTTP_COUNTED)
        read_counted(a, came);
    else if (a->stage == LME_HTTP_UNTIL_CLOSED)
        a->body_len = came;
    else if (a->stage != LME_HTTP_WHOLE)
        code = read_chunks(a, in);
    /* Nothing was asked that more could answer. */
    if (a->is_whole && in->len > a->body_from + a->body_len)
        a->keeps = false;
    a->too_large = a->body_len > LME_LIMIT_RESPONSE;
    if (code == CURLE_OK && a->too_large)
        return refuse(a, CURLE_WRITE_ERROR, "Failure writing output to destination");
    return code;
}

int lme_http_answer_read(lme_http_answer *a, lme_builder *in)
{
    int code = lme_http_has_head(a) ? CURLE_OK : read_head(a, in);
    return code == CURLE_OK && lme_http_has_head(a) ? read_body(a, in) : code;
}

int lme_http_answer_closed(lme_http_answer *a, const lme_builder *in)
{
    switch (a->stage) {
    case LME_HTTP_STATUS_LINE:
    case LME_HTTP_FIELDS:
        if (in->len == 0)
            return refuse(a, CURLE_GOT_NOTHING, "Empty reply from server");
        return refuse(a, CURLE_PARTIAL_FILE, "transfer closed in the middle of the headers");
    case LME_HTTP_COUNTED:
        snprintf(a->fault, CURL_ERROR_SIZE, "transfer closed with %llu bytes remaining to read",
                 (unsigned long long)lme_http_answer_missing(a));
        return CURLE_PARTIAL_FILE;
    case LME_HTTP_CHUNK_SIZE:
    case LME_HTTP_CHUNK:
    case LME_HTTP_CHUNK_END:
    case LME_HTTP_TRAILERS:
        return refuse(a, CURLE_PARTIAL_FILE,
                      "transfer closed with outstanding read data remaining");
    case LME_HTTP_UNTIL_CLOSED:
    case LME_HTTP_WHOLE:
        break;
    }
    end_whole(a);
    return CURLE_OK;
}

uint64_t lme_http_answer_missing(const lme_http_answer *a)
{
    if (a->stage == LME_HTTP_CHUNK)
        return a->chunk_left;
    return a->stage == LME_HTTP_COUNTED ? (uint64_t)a->length - a->body_len : 0;
}
