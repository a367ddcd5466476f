// imported before tested-engines.ts looks
process.env['TRIPLETLAB_TEST_SOFTWARE_WEBGPU'] = '1';
