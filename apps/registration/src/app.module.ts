import { Module } from '@nestjs/common';
import { Database } from './database.js';
import { PlacesController } from './places/places.controller.js';
import { PlacesService } from './places/places.service.js';

@Module({
  controllers: [PlacesController],
  providers: [Database, PlacesService],
})
export class AppModule {}
