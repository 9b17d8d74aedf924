package io.github.epollo.fs;

class FileStreamsByPoolTest extends FileStreamsContract {
  @Override
  FileBackend backend() {
    return FileBackend.POOL;
  }
}
