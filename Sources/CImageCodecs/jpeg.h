// What has to be C of libjpeg: it reports errors through functions that must not return, so that the way out is longjmp,
// which must not cross Swift. Everything else is Swift.
#pragma once
#include <setjmp.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdio.h>
#include <string.h>

#include <jpeglib.h>
// Behind jpeglib.h, which it needs.
#include <jerror.h>

// What a JPEG file says before its pixels.
typedef struct {
  unsigned width;
  unsigned height;
  // Four inks, which are decoded as they are stored.
  bool is_cmyk;
  // Whether one of Adobe's programs, or one that follows them, wrote the file.
  bool has_adobe_marker;
} jpeg_codec_header;

// Why a function gave up, in the library's words.
typedef struct {
  char text[JMSG_LENGTH_MAX];
} jpeg_codec_reason;

// libjpeg's error manager and where to go when it gives up.
typedef struct {
  // The first member, so that libjpeg's pointer to it is one to the whole.
  struct jpeg_error_mgr manager;
  // The same of what watches progress.
  struct jpeg_progress_mgr progress;
  jmp_buf way_out;
  // Whether every row of the picture was handed over; read after longjmp.
  volatile bool is_complete;
  jpeg_codec_reason *reason;
} jpeg_codec_state;

static inline void jpeg_codec_give_up(j_common_ptr codec) {
  jpeg_codec_state *state = (jpeg_codec_state *)codec->err;
  codec->err->format_message(codec, state->reason->text);
  longjmp(state->way_out, 1);
}

// Warnings are errors, except those that cameras and scanners are known for, which cost no pixel: bytes too many in front
// of a marker, a header's wrong version or selection of coefficients.
static inline void jpeg_codec_message(j_common_ptr codec, int level) {
  if (level >= 0) return;
  switch (codec->err->msg_code) {
    case JWRN_EXTRANEOUS_DATA:
    case JWRN_JFIF_MAJOR:
    case JWRN_ADOBE_XFORM:
    case JWRN_NOT_SEQUENTIAL:
      return;
    default:
      jpeg_codec_give_up(codec);
  }
}

// A file of a few kB may hold thousands of scans, each a pass over the picture.
static inline void jpeg_codec_count_scans(j_common_ptr codec) {
  jpeg_codec_state *state = (jpeg_codec_state *)codec->err;
  const int limit = 500;
  if (((j_decompress_ptr)codec)->input_scan_number <= limit) return;
  snprintf(state->reason->text, sizeof state->reason->text, "it has more than %d scans", limit);
  longjmp(state->way_out, 1);
}

static inline struct jpeg_error_mgr *jpeg_codec_prepare(jpeg_codec_state *state, jpeg_codec_reason *reason) {
  memset(state, 0, sizeof *state);
  jpeg_std_error(&state->manager);
  state->manager.error_exit = jpeg_codec_give_up;
  state->manager.emit_message = jpeg_codec_message;
  state->progress.progress_monitor = jpeg_codec_count_scans;
  state->reason = reason;
  return &state->manager;
}

// Reads as far as the first scan; false with a reason if the bytes end before it or make no sense.
static inline bool jpeg_codec_read_header(
    const unsigned char *bytes, size_t count, jpeg_codec_header *header, jpeg_codec_reason *reason) {
  struct jpeg_decompress_struct decoder;
  jpeg_codec_state state;
  memset(&decoder, 0, sizeof decoder);
  decoder.err = jpeg_codec_prepare(&state, reason);
  if (setjmp(state.way_out)) {
    jpeg_destroy_decompress(&decoder);
    return false;
  }
  jpeg_create_decompress(&decoder);
  jpeg_mem_src(&decoder, bytes, count);
  jpeg_read_header(&decoder, TRUE);
  header->width = decoder.image_width;
  header->height = decoder.image_height;
  header->is_cmyk = decoder.num_components == 4;
  header->has_adobe_marker = decoder.saw_Adobe_marker;
  jpeg_destroy_decompress(&decoder);
  return true;
}

// Decodes to height * width * 3 values, of a CMYK file to height * width * 4, for which there must be room at `samples`.
//
// Behind the last row only a missing end counts: panoramas of some telephones have a second, senseless scan there.
static inline bool jpeg_codec_decode(
    const unsigned char *bytes, size_t count, unsigned char *samples, jpeg_codec_reason *reason) {
  struct jpeg_decompress_struct decoder;
  jpeg_codec_state state;
  memset(&decoder, 0, sizeof decoder);
  decoder.err = jpeg_codec_prepare(&state, reason);
  if (setjmp(state.way_out)) {
    jpeg_destroy_decompress(&decoder);
    return state.is_complete && state.manager.msg_code != JWRN_JPEG_EOF;
  }
  jpeg_create_decompress(&decoder);
  decoder.progress = &state.progress;
  jpeg_mem_src(&decoder, bytes, count);
  jpeg_read_header(&decoder, TRUE);
  decoder.out_color_space = decoder.num_components == 4 ? JCS_CMYK : JCS_RGB;
  jpeg_start_decompress(&decoder);
  const size_t stride = (size_t)decoder.output_width * decoder.output_components;
  while (decoder.output_scanline < decoder.output_height) {
    unsigned char *row = samples + decoder.output_scanline * stride;
    jpeg_read_scanlines(&decoder, &row, 1);
  }
  state.is_complete = true;
  jpeg_finish_decompress(&decoder);
  jpeg_destroy_decompress(&decoder);
  return true;
}

// Encodes height * width * channels values, grey or RGB. The file at `*file` is to be freed; after a failure there is none.
static inline bool jpeg_codec_encode(
    const unsigned char *pixels, unsigned width, unsigned height, int channels, int quality, bool halves_colours,
    unsigned char **file, unsigned long *count, jpeg_codec_reason *reason) {
  struct jpeg_compress_struct encoder;
  jpeg_codec_state state;
  memset(&encoder, 0, sizeof encoder);
  encoder.err = jpeg_codec_prepare(&state, reason);
  if (setjmp(state.way_out)) {
    jpeg_destroy_compress(&encoder);
    // The library may have freed this already, and tells only at the end where the file is.
    *file = NULL;
    return false;
  }
  jpeg_create_compress(&encoder);
  jpeg_mem_dest(&encoder, file, count);
  encoder.image_width = width;
  encoder.image_height = height;
  encoder.input_components = channels;
  encoder.in_color_space = channels == 1 ? JCS_GRAYSCALE : JCS_RGB;
  jpeg_set_defaults(&encoder);
  jpeg_set_quality(&encoder, quality, TRUE);
  encoder.comp_info[0].h_samp_factor = encoder.comp_info[0].v_samp_factor = halves_colours && channels == 3 ? 2 : 1;
  jpeg_start_compress(&encoder, TRUE);
  while (encoder.next_scanline < encoder.image_height) {
    unsigned char *row = (unsigned char *)pixels + (size_t)encoder.next_scanline * width * channels;
    jpeg_write_scanlines(&encoder, &row, 1);
  }
  jpeg_finish_compress(&encoder);
  jpeg_destroy_compress(&encoder);
  return true;
}
